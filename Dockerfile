# One image for web server, worker, beat and management commands; which of them it is, the command says.
FROM python:3.13-slim-trixie AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /srv/ekip
COPY requirements-bootstrap.lock requirements.lock ./
RUN python -m venv /tmp/bootstrap \
    && /tmp/bootstrap/bin/pip install --no-cache-dir --require-hashes -r requirements-bootstrap.lock \
    && /tmp/bootstrap/bin/uv venv /srv/venv \
    && /tmp/bootstrap/bin/uv pip sync --no-cache --require-hashes --python /srv/venv/bin/python requirements.lock
COPY . .
# The addresses are never used here: settings want them before they collect files.
RUN SECRET_KEY=build DATABASE_URL=postgres://build REDIS_URL=redis://build \
    /srv/venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim-trixie
# pg_dump and pg_restore, of the version of the database in docker-compose.yml.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv/ekip --shell /usr/sbin/nologin ekip
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/ekip /srv/ekip
ENV PATH=/srv/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /srv/ekip
USER ekip
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "ekip.wsgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4"]
