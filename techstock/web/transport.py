"""httpx transport over the guarded backend: no proxies, no HTTP/2, no retries of its own."""

import ssl
from collections.abc import AsyncIterator

import httpcore
import httpx


class HttpcoreTransport(httpx.AsyncBaseTransport):
    """httpx transport whose connections are all made by `backend`.

    Each host has its own connection pool: a pool shared by all hosts inspects every connection on every request.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend, trusted: ssl.SSLContext) -> None:
        self._backend = backend
        self._trusted = trusted
        self._pools: dict[bytes, httpcore.AsyncConnectionPool] = {}

    def _get_pool(self, host: bytes) -> httpcore.AsyncConnectionPool:
        if host not in self._pools:
            self._pools[host] = httpcore.AsyncConnectionPool(
                ssl_context=self._trusted,
                max_connections=None,  # who may go is decided elsewhere, and must not wait here
                max_keepalive_connections=2,
                keepalive_expiry=5.0,
                http2=False,
                network_backend=self._backend,
            )
        return self._pools[host]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        response = await self._get_pool(url.raw_host).handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_ResponseBody(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


class _ResponseBody(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._response.aclose()
