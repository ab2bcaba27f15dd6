# Le site dans une image : construite en deux temps, servie par un compte sans droits.
# L’image n’a aucun secret : tout se donne dans l’environnement (docs/operations.md, « Les réglages »).
# Debian est nommée, car pg_dump ne lit pas un PostgreSQL plus récent que lui : trixie a le 17, celui de compose.yaml.

FROM python:3.11-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY deploy/requirements-machines.lock /build/
RUN pip install --require-hashes --requirement /build/requirements-machines.lock
COPY . /srv/cohesion
WORKDIR /srv/cohesion
# Lisible par le compte du site, même d’une copie de travail que son propriétaire lisait seul ; et avec les réglages de
# la production, pour que les noms portent l’empreinte du contenu : la clé ne signe rien.
RUN chmod -R a+rX . \
    && SECRET_KEY=construction-de-l-image-seulement-rien-n-est-signe-avec-elle ALLOWED_HOSTS=construction.invalid \
    DATABASE_URL=sqlite:////tmp/aucune.sqlite3 STATIC_ROOT=/srv/static \
    python -m django collectstatic --noinput --settings cohesion.settings

FROM python:3.11-slim-trixie
# Pour « backup » et « restore ».
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --home-dir /srv/cohesion --shell /usr/sbin/nologin cohesion \
    && install -d -o cohesion -g cohesion -m 0700 /srv/attachments /srv/backups
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/static ATTACHMENTS_ROOT=/srv/attachments
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/static /srv/static
COPY --from=build /srv/cohesion /srv/cohesion
WORKDIR /srv/cohesion
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; name = os.environ['ALLOWED_HOSTS'].split(',')[0].strip().lstrip('.'); u.urlopen(u.Request('http://127.0.0.1:8000/sante/', headers={'Host': name}), timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--backpressure", "1024", "cohesion.wsgi:application"]
