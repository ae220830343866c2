# The night and Airflow in one image: docker-compose.yml starts it under several names.
# Base image and package mirrors are build arguments; what a mirror gives is checked against the lock's hashes.
ARG BASE_IMAGE=python:3.11-slim-bookworm
FROM ${BASE_IMAGE}

ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_TRUSTED_HOST
ARG PIP_CERT

ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/tmp/airflow \
    FOLLOWTHROUGH_HOME=/var/lib/followthrough

RUN groupadd --gid 10001 followthrough \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin followthrough \
    && install --directory --owner 10001 --group 10001 /var/lib/followthrough /var/log/followthrough

COPY requirements.txt /opt/followthrough/
RUN python3 -m venv /opt/venv \
    && python -m pip install --no-cache-dir --no-deps --require-hashes --requirement /opt/followthrough/requirements.txt

WORKDIR /opt/followthrough
COPY pyproject.toml sources.toml ./
COPY dags dags
COPY dbt_project dbt_project
COPY expectations expectations
COPY followthrough followthrough
RUN python -m pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && python -m compileall -q dags followthrough

USER 10001:10001
