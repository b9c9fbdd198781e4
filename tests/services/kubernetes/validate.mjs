// validate.mjs: checks the manifests on stdin, a JSON list, with the schemas of Kubernetes' API; prints a line for each that is wrong, or of an unknown kind.
import { text } from 'node:stream/consumers';
for (const manifest of JSON.parse(await text(process.stdin))) {
  const name = `${manifest.kind} ${manifest.metadata?.name}`;
  const group = { v1: 'v1', 'apps/v1': 'apps/v1', 'batch/v1': 'batch/v1', 'networking.k8s.io/v1': 'networking.k8s.io/v1' }[manifest.apiVersion];
  const kinds = group && await import(`kubernetes-models/${group}`);
  if (!kinds?.[manifest.kind]) {
    console.log(`${name}: there is no such kind in ${manifest.apiVersion}`);
    continue;
  }
  try {
    new kinds[manifest.kind](manifest).validate();
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
