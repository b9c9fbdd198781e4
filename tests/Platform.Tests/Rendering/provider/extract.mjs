// extract.mjs: writes the arguments of the resources that `platform render --to terraform` uses, as hashicorp/aws declares them, from the types generated of its schema.
// In a folder of its own: npm install --ignore-scripts --no-save @cdktf/provider-aws@21.22.1 && node extract.mjs > aws.json
import { readFileSync } from 'node:fs';
const from = 'node_modules/@cdktf/provider-aws';
const resources = ['bucket', 'bucket-lifecycle-configuration', 'bucket-object-lock-configuration', 'bucket-policy', 'bucket-public-access-block', 'bucket-server-side-encryption-configuration', 'bucket-versioning'];
const snake = name => name.replace(/[A-Z]/g, letter => '_' + letter.toLowerCase());

function members(interfaces, name) {
  const found = {};
  for (const [, argument, optional, type] of interfaces[name].matchAll(/^    readonly (\w+)(\??): ([^;{]+|\{)/gm)) {
    const [block] = type.match(/^\w*/);
    found[snake(argument)] = { required: optional === '', ...(interfaces[block] ? { block: members(interfaces, block) } : { type: type.startsWith('{') ? 'map' : type.includes('[]') ? 'list' : type.split(' ')[0] }) };
  }
  return found;
}

const schema = { provider: `@cdktf/provider-aws ${JSON.parse(readFileSync(`${from}/package.json`)).version}` };
for (const resource of resources) {
  const text = readFileSync(`${from}/lib/s3-${resource}/index.d.ts`, 'utf8');
  const interfaces = Object.fromEntries([...text.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)].map(match => [match[1], match[2]]));
  const config = Object.keys(interfaces).find(name => /extends cdktf\.TerraformMetaArguments/.test(text.match(new RegExp(`export interface ${name}[^{]*`))[0]));
  schema['aws_s3_' + resource.replaceAll('-', '_')] = members(interfaces, config);
}
console.log('{' + Object.entries(schema).map(([name, what]) => `\n${JSON.stringify(name)}: ${JSON.stringify(what)}`) + '\n}');
