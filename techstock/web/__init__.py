"""Checks of images on the web: the only package that opens connections, loaded only when it is needed.

`urls` decides what may be requested, `public_addresses` which addresses; `public_network` makes the guarded
connections. `http_attempt` makes one attempt, `classification` classifies its result, `rate_limits` and `checker`
decide when, `answer_cache` keeps answers between runs, `api` puts them together.
"""
