// sbom.js ROOT COMPONENT PROJECT VERSION OUT [PLATFORM…]: what a component is made of, from its lock files: CycloneDX 1.6, and a list of licences.
const fs = require('fs'), path = require('path'), os = require('os');
const [root, component, project, version, out, ...platforms] = process.argv.slice(2);
const nuget = process.env.NUGET_PACKAGES || path.join(os.homedir(), '.nuget', 'packages');
const hex = base64 => Buffer.from(base64, 'base64').toString('hex');

function licence(id, resolved) {
  const file = path.join(nuget, id.toLowerCase(), resolved, `${id.toLowerCase()}.nuspec`);
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const expression = /<license type="expression">([^<]+)</.exec(text), url = /<licenseUrl>([^<]+)</.exec(text);
  return expression ? { expression: expression[1] } : url ? { license: { name: 'see url', url: url[1] } } : null;
}

const parts = new Map();
const lock = project => JSON.parse(fs.readFileSync(path.join(root, component, project, 'packages.lock.json'), 'utf8').replace(/^\ufeff/, ''));
let native = false;
// contracts are several assemblies: DataSpoc.Contracts and those that begin so
const projects = component === 'contracts' ? fs.readdirSync(path.join(root, component)).filter(name => name.startsWith(project)) : [project];
native ||= projects.includes('DataSpoc.Contracts.DuckDb');
for (const framework of projects.flatMap(name => Object.values(lock(name).dependencies))) {
  for (const [id, entry] of Object.entries(framework)) {
    if (entry.type === 'Project') {
      native ||= id.toLowerCase() === 'dataspoc.contracts.duckdb';
      continue;
    }
    const made = { type: 'library', name: id, version: entry.resolved, purl: `pkg:nuget/${id}@${entry.resolved}`, hashes: [{ alg: 'SHA-512', content: hex(entry.contentHash) }] };
    const known = licence(id, entry.resolved);
    if (known) made.licenses = [known];
    parts.set(made.purl, made);
  }
}
if (native) {
  const locked = folder => Object.entries(JSON.parse(fs.readFileSync(path.join(root, 'contracts', 'native', ...folder, 'package-lock.json'), 'utf8')).packages);
  const packed = platforms.length ? platforms : ['linux-x64'];
  const npm = packed.map(platform => platform.replace('win-', 'win32-').replace('osx-', 'darwin-'));
  for (const [where, entry] of [...locked([]), ...locked(['platforms'])]) {
    const name = where.replace(/^node_modules\//, '');
    if (!where || !npm.some(platform => name.endsWith(`-${platform}`))) continue;
    const made = { type: 'library', name, version: entry.version, purl: `pkg:npm/${name.replace('@', '%40')}@${entry.version}`, hashes: [{ alg: 'SHA-512', content: hex(entry.integrity.replace('sha512-', '')) }] };
    made.licenses = [{ expression: entry.license || 'MIT' }];
    parts.set(made.purl, made);
  }
}
const components = [...parts.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
fs.writeFileSync(path.join(out, 'sbom.cdx.json'), JSON.stringify({
  bomFormat: 'CycloneDX', specVersion: '1.6', version: 1,
  metadata: { component: { type: 'application', name: project, version, purl: `pkg:nuget/${project}@${version}`, licenses: [{ expression: 'Apache-2.0' }] } },
  components,
}, null, 2) + '\n');
// what a licence asks for: who wrote it, and its text where the package has it
const texts = new Map();
for (const part of components) {
  const nuspec = path.join(nuget, part.name.toLowerCase(), part.version);
  const folder = part.purl.startsWith('pkg:nuget/') ? nuspec : ['', 'platforms'].map(where => path.join(root, 'contracts', 'native', where, 'node_modules', part.name)).find(fs.existsSync);
  if (!folder || !fs.existsSync(folder)) continue;
  const spec = path.join(folder, `${part.name.toLowerCase()}.nuspec`);
  const copyright = fs.existsSync(spec) && /<copyright>([^<]+)</.exec(fs.readFileSync(spec, 'utf8'));
  const file = fs.readdirSync(folder).find(name => /^(licen[cs]e|copying)(\.(txt|md))?$/i.test(name));
  const text = [copyright && copyright[1].trim(), file && fs.readFileSync(path.join(folder, file), 'utf8').trim()].filter(Boolean).join('\n\n');
  if (text) texts.set(part, text);
}
const said = part => !part.licenses ? 'not stated' : part.licenses[0].expression || part.licenses[0].license.url;
fs.writeFileSync(path.join(out, 'NOTICES.md'), `# What is inside ${project} ${version}\n\nDataSpoc itself is under the Apache License 2.0. It contains:\n\n| | version | licence |\n|---|---|---|\n`
  + components.map(part => `| ${part.name} | ${part.version} | ${said(part)} |\n`).join('')
  + [...texts].map(([part, text]) => `\n## ${part.name} ${part.version}\n\n${text.replace(/^/gm, '    ').replace(/ +$/gm, '')}\n`).join(''));
