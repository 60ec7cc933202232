"""A client of wgql with the package gql (pip install "gql[aiohttp,websockets]").

usage: WGQL_TOKEN=... python3 with_gql.py URL
"""

import asyncio
import os
import sys

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.websockets import WebsocketsTransport

# In docs/CLIENTS.md, from here
def clients(url):
    token = os.environ.get("WGQL_TOKEN")
    authorization = {"Authorization": f"Bearer {token}"} if token else {}
    queries = AIOHTTPTransport(url=url, headers=authorization)
    subscriptions = WebsocketsTransport(
        url=url.replace("http", "ws", 1),
        init_payload=authorization,
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    return Client(transport=queries), Client(transport=subscriptions)


async def watch(url):
    queries, subscriptions = clients(url)
    async with queries as session:
        print(await session.execute(gql("{ status { lastEventId } dashboard { onlineUsers } }")))
    async with subscriptions as session:
        async for message in session.subscribe(gql("subscription { events { id type } }")):
            print(message["events"])
# to here


if __name__ == "__main__":
    asyncio.run(watch(sys.argv[1]))
