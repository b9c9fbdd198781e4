// node serve.js: ClickHouse in this process behind its HTTP form, as far as a client that reads and makes views needs it: the statement is the body, settings are
// parameters, answers come in default_format, errors as ClickHouse's server words them. Prints its port; ends when stdin does. A password: CLICKHOUSE_PASSWORD.
const http = require('http');
const { Session } = require('chdb');

const own = new Set(['database', 'default_format', 'query', 'wait_end_of_query', 'cancel_http_readonly_queries_on_client_close']);
const session = new Session();
const failed = (response, status, code, message) => {
  response.writeHead(status, { 'X-ClickHouse-Exception-Code': String(code) });
  response.end(message + '\n');
};

async function answer(request, response, body) {
  const parameters = new URL(request.url, 'http://localhost').searchParams;
  if ((process.env.CLICKHOUSE_PASSWORD || '') !== (request.headers['x-clickhouse-key'] || ''))
    return failed(response, 403, 516, 'Code: 516. DB::Exception: default: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED) (version 26.7.2.1)');
  const settings = [...parameters].filter(([name]) => !own.has(name)).map(([name, value]) => `${name} = ${/^[0-9.]+$/.test(value) ? value : `'${value}'`}`);
  // a server has them as settings of the request; here they are those of the SELECT
  const statement = settings.length ? `${body}\nSETTINGS ${settings.join(', ')}` : body;
  process.stderr.write(statement + '\n');
  try {
    const result = await session.queryAsync(statement, { format: parameters.get('default_format') || 'TabSeparated' });
    response.writeHead(200);
    response.end(Buffer.from(result.bytes()));
  } catch (error) {
    failed(response, 500, error.clickhouseCode || 0, String(error.message));
  }
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => answer(request, response, Buffer.concat(parts).toString('utf8')));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on('end', () => { session.close(); process.exit(0); });
process.stdin.resume();
