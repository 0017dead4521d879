# One image a stage: docker build --build-arg STAGE=04_celery_plus_ws .
FROM python:3.14.8-slim-trixie

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# The lock first: this layer is built again only when a version changes.
COPY requirements/runtime.txt /app/requirements.txt
RUN pip install --require-hashes --requirement /app/requirements.txt

# An ordinary user. /data is the one place it writes to: reports and the like.
RUN useradd --create-home --uid 10001 school && install -d -o 10001 -g 10001 /data
ENV DATA_DIR=/data PORT=8000

ARG STAGE
COPY deploy/process.sh /app/process.sh
COPY ${STAGE}/ /app/stage/

USER 10001
WORKDIR /app/stage
ENTRYPOINT ["sh", "/app/process.sh"]
CMD ["web"]
