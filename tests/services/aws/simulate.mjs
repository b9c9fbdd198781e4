// simulate.mjs: answers what AWS would, by cloud-copilot's simulator of its policy evaluation. On stdin JSON: `buckets` ({name: {account, policy}}), `policies` ({name: a policy of a user or role}) and
// `questions` ([{principal, identity, bucket, action, key, context}]; no principal: somebody without credentials; identity: the name of a policy attached, or nothing; no key: the bucket itself).
// On stdout a JSON list: for each question true, false, or a text that says what is wrong with it or with a policy.
import { text } from 'node:stream/consumers';
import { createValidatedPolicy, validateIdentityPolicy, validateResourcePolicy } from '@cloud-copilot/iam-policy';
import { anonymousPrincipal, runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate';

const { buckets, policies, questions } = JSON.parse(await text(process.stdin));
const each = (of, made) => Object.fromEntries(Object.entries(of).map(([name, one]) => [name, made(one, name)]));
// checked once, not at each question
const checked = (policy, validate, name) => policy && createValidatedPolicy(policy, validate, { name });
const ofBuckets = each(buckets, (bucket, name) => checked(bucket.policy, validateResourcePolicy, name));
const ofPrincipals = each(policies, (policy, name) => checked(policy, validateIdentityPolicy, name));

const seen = new Set();

async function answer({ principal, identity, bucket, action, key, context }) {
  const arn = `arn:aws:s3:::${bucket}`;
  const simulation = {
    request: {
      principal: principal ?? anonymousPrincipal,
      action,
      resource: { resource: key == null ? arn : `${arn}/${key}`, accountId: buckets[bucket].account },
      contextVariables: context,
    },
    identityPolicies: identity == null ? [] : [{ name: identity, policy: ofPrincipals[identity] }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: ofBuckets[bucket] ?? undefined,
    // as every bucket has it that `platform apply` made
    additionalSettings: { s3: { blockPublicAccess: true } },
  };
  const kind = [bucket, principal, identity, action, ...Object.keys(context)].join(' ');
  if (!seen.has(kind)) {
    // whether the policies are valid, and the action has this resource and these conditions, takes most of the time: asked once of each kind of question
    const said = await runSimulation(simulation, {});
    if (said.resultType !== 'single') return JSON.stringify(said.errors ?? said.resultType);
    // a condition that this action does not know would be passed over in silence
    if (said.result.ignoredContextKeys.length > 0) return `${action} does not know ${said.result.ignoredContextKeys}`;
    seen.add(kind);
  }
  return runUnsafeSimulation(simulation, {}) === 'Allowed';
}

const answers = [];
for (const question of questions) answers.push(await answer(question));
process.stdout.write(JSON.stringify(answers));
