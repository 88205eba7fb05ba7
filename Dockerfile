# The whole program without a network: PostgreSQL's tools, Apertium and the translation models are inside.
# Both stages stand on one base, so that the virtual environment finds the same Python in the second.
FROM debian:bookworm-slim AS build
SHELL ["/bin/bash", "-o", "errexit", "-o", "pipefail", "-c"]
# Debian keeps only the newest security fix of a package: a pinned version would stop building.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY requirements.lock requirements-dev.lock ./
RUN python3 -m venv /opt/monitor \
    && /opt/monitor/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock \
    && sed -n '/^setuptools==/,/[^\\]$/p' requirements-dev.lock > setuptools.lock \
    && /opt/monitor/bin/pip install --no-cache-dir --require-hashes --requirement setuptools.lock
COPY pyproject.toml README.md ./
COPY monitor monitor
COPY config config
COPY seeds seeds
COPY alembic alembic
RUN /opt/monitor/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/monitor/bin/pip uninstall --yes setuptools pip

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3 apertium apertium-es-pt \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 monitor \
    && useradd --uid 10001 --gid monitor --no-create-home --home-dir /data --shell /usr/sbin/nologin monitor \
    && install --directory --owner=monitor --group=monitor /data /config
COPY --from=build /opt/monitor /opt/monitor
ENV PATH=/opt/monitor/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    MONITOR_DATA=/data \
    MONITOR_CONFIG=/config \
    MONITOR_LOG_FORMAT=json \
    MONITOR_LOG_LEVEL=info \
    MONITOR_HEALTH_HOST=0.0.0.0
# By number, so that a cluster can see that it is not root; the name is there because PostgreSQL needs one.
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:9464/healthz', timeout=4)"]
ENTRYPOINT ["monitor"]
CMD ["run"]
