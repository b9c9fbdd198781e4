# platform: build from the root of the source tree, `docker build -f docker/platform.Dockerfile -t dataspoc/platform .`
# Pin the images by digest: --build-arg SDK=mcr.microsoft.com/dotnet/sdk@sha256:… and the same for RUNTIME.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/runtime:10.0

FROM ${SDK} AS build
WORKDIR /src
COPY Directory.Build.props .editorconfig global.json ./
COPY contracts contracts
COPY platform platform
RUN dotnet publish platform/DataSpoc.Platform -c Release -o /out --nologo

FROM ${RUNTIME}
COPY LICENSE /licenses/LICENSE
COPY --from=build /out /app
# the root file system may be read-only: what is written goes to /tmp, caches too
ENV HOME=/tmp DOTNET_EnableDiagnostics=0
WORKDIR /work
USER 1654:1654
ENTRYPOINT ["/app/platform"]
