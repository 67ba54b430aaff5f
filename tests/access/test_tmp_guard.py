import cProfile,pstats,time
from tests.access.house import undone
def test_h(house):
    for point,u in [("staff","/cohorts/"),("staff","/users/"),("worker","/pairs/"),("anonymous","/pairs/")]:
        for i in range(3):
            t=time.time()
            with undone():
                r=house.client(point).get(u)
            print(point,u,r.status_code,round((time.time()-t)*1000,1))
    pr=cProfile.Profile(); pr.enable()
    for i in range(20):
        with undone(): house.client("staff").get("/users/")
    pr.disable(); pstats.Stats(pr).sort_stats('cumulative').print_stats(45)
