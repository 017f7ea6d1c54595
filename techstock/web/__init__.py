"""Ask the web about images: the only part of techstock that opens a connection, loaded only when it is asked for.

`urls` says what may be asked, `address` which addresses; `backend` and `transport` are the guarded way out. `client`
makes one attempt, `verdicts` judges it, `gates` and `schedule` decide when, `store` remembers, `fetch` puts them
together.
"""
