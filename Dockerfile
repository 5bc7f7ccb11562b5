FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media
RUN useradd --system --create-home portal && install -d -o portal /srv/static /srv/media
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
RUN python -m tools.messages compile \
 && PORTAL_MODE=demo DATABASE_URL=postgres://build@127.0.0.1/none python manage.py collectstatic --noinput --verbosity 0 \
 && chown -R portal /srv/static
USER portal
EXPOSE 8000
CMD ["gunicorn", "reviews_portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "30"]
