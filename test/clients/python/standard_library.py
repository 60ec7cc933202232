"""A client of wgql with nothing but Python's standard library.

usage: WGQL_TOKEN=... python3 standard_library.py URL
"""

import json
import os
import sys
import urllib.request

# In docs/CLIENTS.md, from here
def request(url, query, variables=None, accept="application/json", last_event_id=None):
    headers = {"Content-Type": "application/json", "Accept": accept}
    if token := os.environ.get("WGQL_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    if last_event_id:
        headers["Last-Event-ID"] = last_event_id
    body = json.dumps({"query": query, "variables": variables or {}}).encode()
    return urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60)


def run(url, query, variables=None):
    answer = json.load(request(url, query, variables))
    if "errors" in answer:
        raise RuntimeError(answer["errors"][0]["message"])
    return answer["data"]


def all_users(url):
    page = """query ($after: String) { users(first: 100, after: $after) {
        edges { node { id nickname totalRx } } pageInfo { hasNextPage endCursor } } }"""
    after, more = None, True
    while more:
        users = run(url, page, {"after": after})["users"]
        yield from (edge["node"] for edge in users["edges"])
        after, more = users["pageInfo"]["endCursor"], users["pageInfo"]["hasNextPage"]


def events(url, after):
    """The events after an id, then new ones; continue with the last id after an interruption."""
    query = 'subscription { events(after: "0") { id type user { nickname } } }'
    for line in request(url, query, accept="text/event-stream", last_event_id=after):
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name == "data" and value:
            yield json.loads(value)["data"]["events"]
# to here


if __name__ == "__main__":
    address = sys.argv[1]
    # Python's integers have no limit, so that int() reads every byte count exactly.
    print(json.dumps([[user["id"], int(user["totalRx"])] for user in all_users(address)]), flush=True)
    for event in events(address, after="1"):
        print(json.dumps(event), flush=True)
