#!/usr/bin/env bash
# Who may do what, as policies of users: bash THIS-FILE ALIAS
set -euo pipefail
alias=${1:?the alias of the server, as mc alias set made it}
policy=$(mktemp); trap 'rm -f "$policy"' EXIT

mc mb --ignore-existing "$alias/shop.sales"
mc version enable "$alias/shop.sales"

# analyst of sales
cat > "$policy" <<'JSON'
{"Version":"2012-10-17","Statement":[{"Sid":"DataSpoc0","Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::shop.sales/.dataspoc/manifest.json","arn:aws:s3:::shop.sales/raw/*"]},{"Sid":"DataSpoc1","Effect":"Allow","Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::shop.sales"],"Condition":{"StringLike":{"s3:prefix":[".dataspoc/lens/*",".dataspoc/manifest.json","gold/*","raw/*"]}}},{"Sid":"DataSpoc2","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:AbortMultipartUpload","s3:ListMultipartUploadParts","s3:DeleteObject"],"Resource":["arn:aws:s3:::shop.sales/.dataspoc/lens/*","arn:aws:s3:::shop.sales/gold/*"]},{"Sid":"DataSpocTlsOnly","Effect":"Deny","Action":"s3:*","Resource":["arn:aws:s3:::shop.sales","arn:aws:s3:::shop.sales/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}
JSON
mc admin policy create "$alias" 'dataspoc-shop~user~ana' "$policy"
mc admin policy attach "$alias" 'dataspoc-shop~user~ana' --user 'ana' || mc admin policy entities "$alias" --user 'ana' | grep -qF 'dataspoc-shop~user~ana'

# board of sales
cat > "$policy" <<'JSON'
{"Version":"2012-10-17","Statement":[{"Sid":"DataSpoc0","Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::shop.sales/gold/*"]},{"Sid":"DataSpoc1","Effect":"Allow","Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::shop.sales"],"Condition":{"StringLike":{"s3:prefix":["gold/*"]}}},{"Sid":"DataSpocTlsOnly","Effect":"Deny","Action":"s3:*","Resource":["arn:aws:s3:::shop.sales","arn:aws:s3:::shop.sales/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}
JSON
mc admin policy create "$alias" 'dataspoc-shop~user~arn~3aaws~3aiam~3a~3a999999999999~3auser~2ftv' "$policy"
mc admin policy attach "$alias" 'dataspoc-shop~user~arn~3aaws~3aiam~3a~3a999999999999~3auser~2ftv' --user 'arn:aws:iam::999999999999:user/tv' || mc admin policy entities "$alias" --user 'arn:aws:iam::999999999999:user/tv' | grep -qF 'dataspoc-shop~user~arn~3aaws~3aiam~3a~3a999999999999~3auser~2ftv'

# data_engineer of sales
cat > "$policy" <<'JSON'
{"Version":"2012-10-17","Statement":[{"Sid":"DataSpoc0","Effect":"Allow","Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::shop.sales"],"Condition":{"StringLike":{"s3:prefix":[".dataspoc/logs/*",".dataspoc/manifest.json",".dataspoc/state/*","quarantine/*","raw/*"]}}},{"Sid":"DataSpoc1","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:AbortMultipartUpload","s3:ListMultipartUploadParts","s3:DeleteObject"],"Resource":["arn:aws:s3:::shop.sales/.dataspoc/logs/*","arn:aws:s3:::shop.sales/.dataspoc/manifest.json","arn:aws:s3:::shop.sales/.dataspoc/state/*","arn:aws:s3:::shop.sales/quarantine/*","arn:aws:s3:::shop.sales/raw/*"]},{"Sid":"DataSpoc2","Effect":"Allow","Action":["s3:ListBucketMultipartUploads"],"Resource":["arn:aws:s3:::shop.sales"]},{"Sid":"DataSpocTlsOnly","Effect":"Deny","Action":"s3:*","Resource":["arn:aws:s3:::shop.sales","arn:aws:s3:::shop.sales/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}
JSON
mc admin policy create "$alias" 'dataspoc-shop~user~role~2fpipe' "$policy"
mc admin policy attach "$alias" 'dataspoc-shop~user~role~2fpipe' --user 'role/pipe' || mc admin policy entities "$alias" --user 'role/pipe' | grep -qF 'dataspoc-shop~user~role~2fpipe'
