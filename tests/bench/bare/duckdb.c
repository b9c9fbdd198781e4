/* The floor of `lens sql`: a process that does nothing but run one statement in DuckDB and print its rows as CSV.
   bare LIBRARY STATEMENT. It links nothing: the library is the one that lens ships, opened the way lens opens it. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* duckdb_result of DuckDB's C API (duckdb.h): six words */
typedef struct { uint64_t words[6]; } result;

static void *library;

static void *entry(const char *name) {
  void *address = dlsym(library, name);
  if (!address) { fprintf(stderr, "bare: no %s\n", name); exit(1); }
  return address;
}

int main(int count, char **arguments) {
  if (count != 3) { fprintf(stderr, "bare LIBRARY STATEMENT\n"); return 2; }
  library = dlopen(arguments[1], RTLD_LAZY);
  if (!library) { fprintf(stderr, "bare: %s\n", dlerror()); return 1; }
  int (*open)(const char *, void **) = entry("duckdb_open");
  int (*connect)(void *, void **) = entry("duckdb_connect");
  int (*query)(void *, const char *, result *) = entry("duckdb_query");
  const char *(*error)(result *) = entry("duckdb_result_error");
  uint64_t (*columns)(result *) = entry("duckdb_column_count");
  uint64_t (*rows)(result *) = entry("duckdb_row_count");
  char *(*text)(result *, uint64_t, uint64_t) = entry("duckdb_value_varchar");
  void *database, *connection;
  result answer;
  if (open(NULL, &database) || connect(database, &connection)) return 1;
  if (query(connection, arguments[2], &answer)) { fprintf(stderr, "bare: %s\n", error(&answer)); return 1; }
  for (uint64_t row = 0; row < rows(&answer); row++)
    for (uint64_t column = 0; column < columns(&answer); column++) {
      char *value = text(&answer, column, row);
      printf("%s%c", value ? value : "", column + 1 == columns(&answer) ? '\n' : ',');
      free(value);
    }
  return 0;
}
