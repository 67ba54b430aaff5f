# Two stages: the first one installs, compiles and collects; the second one only runs, as nobody in particular.
# The Python is the oldest one the project supports, and the one the tests run on.
FROM python:3.11-slim-bookworm AS build

ENV PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1

# The packages change seldom: a layer of their own.
COPY requirements.txt /build/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --quiet --require-hashes -r /build/requirements.txt

WORKDIR /app
COPY . .
# These settings are for this step only; the running service gets its own. collectstatic compresses with brotli and gzip.
RUN /opt/venv/bin/python scripts/compile_messages.py --force \
    && KUMPPANI_ENV=production \
       SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
       ALLOWED_HOSTS=build.invalid \
       BASE_URL=https://build.invalid \
       DATABASE_URL=sqlite://:memory: \
       /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/venv/bin/python -m compileall -q kumppani training pairing tasks


FROM python:3.11-slim-bookworm

# With these WeasyPrint makes PDF files; the font is for letters that the vendored one does not have.
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*

RUN groupadd --system --gid 10001 kumppani \
    && useradd --system --uid 10001 --gid kumppani --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin kumppani

COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    KUMPPANI_ENV=production

WORKDIR /app
USER kumppani
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["python", "scripts/healthcheck.py"]
# gunicorn.conf.py says how many workers and threads, and what is logged.
CMD ["gunicorn"]
