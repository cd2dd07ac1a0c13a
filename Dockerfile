# One image for web, worker and beat; docker-compose.yml says which command each runs.

FROM node:22-bookworm-slim AS assets
WORKDIR /srv/app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM python:3.11-slim-bookworm
# what WeasyPrint loads, and the fonts of every paper
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation2 \
    && rm -rf /var/lib/apt/lists/*
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    UV_PYTHON_DOWNLOADS=never \
    DJANGO_SETTINGS_MODULE=bdeplatform.settings.base \
    DATA_DIR=/data \
    STATIC_ROOT=/srv/static
WORKDIR /srv/app
COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/uv.txt \
    && uv pip install --system --no-cache --require-hashes --only-binary :all: \
        -r requirements/run.txt
COPY . .
COPY --from=assets /srv/app/static/build static/build
RUN useradd --system --uid 10001 --home-dir /data --no-create-home bdeplatform \
    && install -d -o bdeplatform /data \
    && SECRET_KEY=only-for-this-step DATA_DIR=/tmp/build python manage.py collectstatic --no-input \
    && rm -rf /tmp/build
USER bdeplatform
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "bdeplatform.wsgi", "--bind=0.0.0.0:8000", "--workers=3", "--timeout=60", "--worker-tmp-dir=/dev/shm"]
