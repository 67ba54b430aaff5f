from django.test.utils import CaptureQueriesContext
from django.db import connection
def test_who(people):
    c=people.client_for("partner")
    with CaptureQueriesContext(connection) as q:
        r=c.get("/who-looked/")
    for x in q: print("   ", x["sql"][:150])
