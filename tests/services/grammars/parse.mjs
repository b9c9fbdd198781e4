// parse.mjs DIALECT: checks the statements on stdin with the grammar of an engine (trino, spark, hive); prints a line for each mistake.
import { register } from 'node:module';
import { text } from 'node:stream/consumers';
// the package is made for bundlers: its imports name folders and leave out `.js`
register('data:text/javascript,' + encodeURIComponent(`export async function resolve(name, context, next) {
  for (const ending of ['', '.js', '/index.js'])
    try { return await next(name + ending, context); } catch (error) { if (ending === '/index.js') throw error; }
}`));
const { TrinoSQL, SparkSQL, HiveSQL } = await import('dt-sql-parser');
const grammar = new { trino: TrinoSQL, spark: SparkSQL, hive: HiveSQL }[process.argv[2]]();
for (const mistake of grammar.validate(await text(process.stdin))) console.log(`${mistake.startLine}: ${mistake.message}`);
