import collections
from tests.access.canary import *
from tests.access.house import *
from tests.access.matrix import MATRIX, POINTS
from tests.access.scopes import sees
from tests.personas import build_people
def test_probe(db):
    people=build_people()
    canary=Canary()
    for x in people.everybody():
        if x.user is not None: x.user.refresh_from_db()
    house=House(people)
    S=sees(people)
    found=collections.defaultdict(lambda: collections.defaultdict(set))
    titles=collections.Counter()
    out=[]
    cache={}
    for row in MATRIX:
        for p in row.points_that_get_in():
            with undone():
                c=house.client(p,row.thing)
                try: r=getattr(c,row.method.lower())(house.url(row),follow=True)
                except Exception as e: out.append(f"!! {row} {p} {e!r}"); continue
                heads=" ".join(f"{k}:{v}" for k,v in r.headers.items())
                t=re.search(rb"<title>(.*?)</title>",r.content,re.S)
                if t and canary.found(t[1]): out.append(f"TITLE {row} {p} {[w.field for w in canary.found(t[1])]}")
                for w in canary.found(r.content,heads.encode(),str(r.redirect_chain).encode()):
                    q=S.get(w.model,{}).get(p)
                    if (w.model,w.pk) not in cache: cache[(w.model,w.pk)]=w.model._base_manager.get(pk=w.pk)
                    person=house.person(p,row.thing)
                    own = bool(q and q(cache[(w.model,w.pk)]))
                    if p=='parent' and person is not people.parent: own='otherparent'
                    found[w.field][p].add((own, str(row) if own is not True else ''))
    for f in sorted(found):
        out.append(f)
        for p in POINTS:
            if p in found[f]:
                out.append("    %-15s %s"%(p, sorted(map(str,found[f][p]))[:4]))
    open('/tmp/k/canary.txt','w').write("\n".join(out))
