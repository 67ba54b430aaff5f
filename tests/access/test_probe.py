import pytest
from django.urls import get_resolver, NoReverseMatch
from tests.access.urls import walk
from tests.access.matrix import POINTS
from tests.access.house import *
from types import SimpleNamespace
THINGS={
 'notice_open':['own.notice'],'cohort_detail':['own.cohort'],
 'partner_detail':['own.partner'],'partner_availability':['own.partner'],'partner_take_in':['own.completed','own.attending'],
 'partner_commit':['common.principles'],'parent_detail':['own.parent'],'parent_account':['own.quiet_parent','own.parent'],
 'request_detail':['own.request','own.matched_request'],'request_propose':['own.request','own.matched_request'],'request_withdraw':['own.request'],
 'relationship_detail':['own.active','own.acquainting','own.ended'],'relationship_answer':['own.acquainting','own.active'],
 'relationship_decide':['own.proposed','own.active'],'relationship_end':['own.active','own.decided','own.ended'],
 'start_meeting':['own.decided','own.opened','own.active','own.ended'],'start_meeting_acknowledge':['own.opened'],
 'agreement_acknowledge':['own.open_agreement','own.agreement','own.ended_agreement'],'meeting_log':['own.active','own.decided','own.ended'],'meeting_plan':['own.active','own.decided','own.ended'],
 'meeting_detail':['own.meeting','own.ended_meeting'],'meeting_held':['own.planned_meeting','own.meeting','own.ended_planned_meeting'],'meeting_correct':['own.meeting','own.ended_meeting','own.planned_meeting'],
 'meeting_not_held':['own.planned_meeting','own.meeting'],
 'assignment_detail':['own.assignment','own.done_assignment'],'assignment_offer':['own.assignment','own.done_assignment'],'assignment_complete':['own.assignment'],'assignment_cancel':['own.assignment'],
 'participation_answer':['own.participation'],'fee_detail':['own.fee'],'fee_claim':['own.fee','own.claimed_fee'],'fee_approve':['own.claimed_fee','own.fee'],'fee_reject':['own.claimed_fee'],
 'user_detail':['accounts.somebody'],'user_role_add':['accounts.somebody'],'user_invite':['accounts.invited'],'user_deactivate':['accounts.somebody'],'user_activate':['accounts.closed'],
 'user_role_end':['accounts.role'],
 'invitation_open':['link.valid','link.expired','link.revoked','link.used','link.unknown'],
 'account_reset_password_from_key':['link.reset','link.reset_unknown'],
}
def test_probe(house):
    out=[]
    for url in walk(get_resolver()):
        vc=getattr(url.callback,'view_class',None)
        ms=['GET','POST']
        if vc: ms=[m.upper() for m in ('get','post') if hasattr(vc,m) and m in vc.http_method_names]
        things=THINGS.get(url.name) or ([''] if not url.arguments else ['MISSING'])
        for m in ms:
            for t in things:
                row=SimpleNamespace(name=url.name,thing=t)
                cells=[]
                try: address=house.url(row)
                except Exception as e:
                    out.append(f"{m:4} {url.name:28} {t:22} ERR {type(e).__name__} {e}"); continue
                for p in POINTS:
                    with undone():
                        c=house.client(p,t)
                        try: r=getattr(c,m.lower())(address); cells.append(code(r))
                        except Exception as e: cells.append('!!'); out.append(f'   !! {p} {type(e).__name__}: {str(e)[:150]}')
                out.append(f"{m:4} {url.name:28} {t or '-':22} "+" ".join(f"{c:4}" for c in cells))
    open('/tmp/k/probe.txt','w').write("\n".join(out))
