// node query.js: answers the query on stdin by ClickHouse in this process, one JSON object per row.
const chdb = require('chdb');
let query = '';
process.stdin.on('data', part => { query += part; });
process.stdin.on('end', () => {
  try {
    process.stdout.write(chdb.query(query, 'JSONEachRow'));
  } catch (error) {
    process.stderr.write(String(error.message));
    process.exitCode = 1;
  }
});
