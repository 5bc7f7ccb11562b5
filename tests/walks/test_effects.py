"""The effects that the demo city tells, counted again from plain rows by a question of its own."""

from __future__ import annotations

import pytest

from tests.walks.steps import City

pytestmark = [pytest.mark.walk, pytest.mark.browser, pytest.mark.xdist_group("walks"), pytest.mark.timeout(300)]
KEPT = """
SELECT d.id, d.number, d.begins, d.ends, c.classes, c.window_days, e.facts FROM oversight_campaigneffect e
JOIN oversight_campaign c ON c.dossier_id = e.campaign_id JOIN oversight_dossier d ON d.id = c.dossier_id ORDER BY 2
"""
WHERE = """EXISTS (
    SELECT FROM oversight_dossierunit p JOIN organizations_unit s ON s.id = p.unit_id
    WHERE p.dossier_id = %s AND p.part = %s AND u.path LIKE s.path || '%%'
)"""
RATINGS = f"""
SELECT count(*) FROM evaluations_evaluation r JOIN organizations_unit u ON u.id = r.unit_id
WHERE (r.rated_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %s::date + %s AND %s::date + %s AND {WHERE}
    AND r.origin IN ('active', 'invited', 'imported', 'unmatched')
    AND r.id NOT IN (SELECT evaluation_id FROM evaluations_exclusion)
    AND NOT EXISTS (SELECT FROM rectification_case WHERE id = r.case_id AND state = 'invalid')
"""
# The rules of the first version, in the order of their weights, for the words that the demo city uses.
CASES = f"""
SELECT r.id FROM rectification_case r JOIN organizations_unit u ON u.id = r.unit_id
WHERE (r.received_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %s::date + %s AND %s::date + %s AND {WHERE}
    AND r.state <> 'invalid' AND r.source <> 'test' AND coalesce(
        (SELECT name FROM assessment_classcorrection WHERE case_id = r.id ORDER BY id DESC LIMIT 1),
        CASE
            WHEN r.text ~ '现金|扫码支付|乱收费|收费标准|处置费用' THEN '收费与支付'
            WHEN r.text ~ '咨询电话|打不通|没人接|忙音|占线' THEN '咨询与电话'
            WHEN r.tags @> '[{{"code": "108"}}]' THEN '违规增设条件'
            WHEN r.text ~ '一直报错|上传失败|提交不了' THEN '网办与系统'
            WHEN r.text ~ '来回跑|来回推|谁都说不归|排队|等了一上午|叫号' THEN '多头跑与排队'
            WHEN r.text ~ '指南不靠谱|没有样本|没有清单|多要一份|重复提交|材料说一半' THEN '办事指南与材料'
            WHEN r.text ~ '三种说法|说法不一样|业务不熟' THEN '业务能力'
            ELSE (SELECT t->>'class' FROM jsonb_array_elements(r.tags) t WHERE coalesce(t->>'class', '') <> '' LIMIT 1)
        END
    ) = ANY(%s) ORDER BY 1
"""


def test_every_effect_is_what_a_plain_count_of_rows_gives(city: City) -> None:
    kept = city.portal.query(KEPT)
    assert len(kept) == 4
    for dossier, number, begins, ends, classes, days, facts in kept:
        for when, span in (("before", (begins, -days, begins, -1)), ("after", (ends, 1, ends, days))):
            for part in ("scope", "comparison"):
                told = facts[part][when]
                [(ratings,)] = city.portal.query(RATINGS, *span, dossier, part)
                cases = [pk for (pk,) in city.portal.query(CASES, *span, dossier, part, classes)]
                assert (told["ratings"], told["cases"]) == (ratings, cases), (number, part, when)
                assert ratings
