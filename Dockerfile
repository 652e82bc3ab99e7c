# Two stages: the first builds the wheel and the environment, the second carries only what runs.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/stillup
COPY requirements.lock requirements-build.lock ./
RUN /opt/stillup/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.lock
COPY . .
RUN /opt/build/bin/python -m hatchling build -t wheel \
 && /opt/stillup/bin/pip install --no-cache-dir --no-deps dist/*.whl \
 && /opt/stillup/bin/pip uninstall -y pip \
 && /opt/stillup/bin/python -m compileall -q /opt/stillup/lib

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data stillup && install -d -o stillup /data
COPY --from=build /opt/stillup /opt/stillup
ENV PATH=/opt/stillup/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    STILLUP_DATA=/data \
    STILLUP_HOST=0.0.0.0
USER stillup
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["stillup", "serve"]
