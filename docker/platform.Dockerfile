# platform: build from the root of the source tree, `docker build -f docker/platform.Dockerfile -t dataspoc/platform .`
# Pin the images by digest: --build-arg SDK=mcr.microsoft.com/dotnet/sdk@sha256:… and the same for RUNTIME and NODE.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/runtime:10.0
ARG NODE=node:20-bookworm-slim

# npm brings libduckdb by name and sha512; nothing of it runs
FROM ${NODE} AS node

FROM ${SDK} AS build
COPY --from=node /usr/local/bin /usr/local/bin
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
WORKDIR /src
COPY Directory.Build.props .editorconfig global.json ./
COPY contracts contracts
COPY platform platform
RUN dotnet publish platform/DataSpoc.Platform -c Release -o /out --nologo
# what is inside, and its licences; and a folder for the tool's user, whose owner an empty volume takes over
RUN mkdir /licenses /work \
 && node contracts/packaging/sbom.js . platform DataSpoc.Platform "$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' platform/Directory.Build.props)" /licenses

FROM ${RUNTIME}
COPY LICENSE /licenses/LICENSE
COPY --from=build /licenses /licenses
COPY --from=build /out /app
COPY --from=build --chown=1654:1654 /work /work
# the root file system may be read-only: what is written goes to /tmp, caches too
ENV HOME=/tmp DOTNET_EnableDiagnostics=0
WORKDIR /work
USER 1654:1654
ENTRYPOINT ["/app/platform"]
