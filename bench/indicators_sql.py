"""The rival of `bench.indicators`: the counts of a school year by statements written by hand, grouped by the database.

One statement or so a table, each with its breakdowns by GROUP BY, the same text on both databases. It leaves out what plain
SQL says badly (days covered by several placements, medians, the busiest referent, which pupils are behind a count), so it
does less than the platform.
"""

IN_FORCE = """signed_date <= %(z)s AND (start_date IS NULL OR start_date <= %(z)s)
    AND (terminated_date IS NULL OR terminated_date > %(z)s)
    AND (end_date IS NULL OR end_date >= %(z)s OR tacit_renewal)"""

DONE = "a.school_id = %(s)s AND a.status = 'realisee' AND a.start_date BETWEEN %(a)s AND %(z)s"

SOLUTION = "('confirme', 'convention_editee', 'convention_signee', 'en_cours', 'termine', 'interrompu')"

# Pupils present, with the class of the first day of the action: overlaps and long actions are left out.
PRESENT = f"""events_participation x
    JOIN events_action a ON a.id = x.action_id AND {DONE}
    JOIN schools_schooling g ON g.school_id = %(s)s AND g.year = %(y)s AND g.student_id = x.student_id
        AND g.entry_date <= a.start_date AND (g.exit_date IS NULL OR g.exit_date >= a.start_date)
    WHERE x.school_id = %(s)s"""

YEAR_PLACEMENTS = """pfmp_placement l JOIN pfmp_period q ON q.id = l.period_id AND q.school_id = %(s)s AND q.year = %(y)s
    WHERE l.school_id = %(s)s"""

STATEMENTS: dict[str, str] = {
    "agreements": f"""SELECT p.type, substr(p.naf, 1, 2), count(*), count(DISTINCT p.id), count(v.parent_id)
        FROM conventions_agreement v JOIN partners_partner p ON p.id = v.partner_id AND p.school_id = %(s)s
        WHERE v.school_id = %(s)s AND v.level = 'etablissement' AND {IN_FORCE} GROUP BY 1, 2""",
    "agreements_of_the_year": """SELECT
        sum(CASE WHEN signed_date BETWEEN %(a)s AND %(z)s THEN 1 ELSE 0 END),
        sum(CASE WHEN NOT coalesce(tacit_renewal, FALSE) AND end_date BETWEEN %(a)s AND %(z)s THEN 1 ELSE 0 END),
        sum(CASE WHEN terminated_date BETWEEN %(a)s AND %(z)s THEN 1 ELSE 0 END),
        sum(CASE WHEN signed_date <= %(z)s AND (end_date IS NULL OR end_date >= %(a)s OR tacit_renewal) THEN 1 ELSE 0 END)
        FROM conventions_agreement WHERE school_id = %(s)s AND level = 'etablissement'""",
    "frames": f"""WITH RECURSIVE up(id, parent_id, level, root) AS (
        SELECT id, parent_id, level, id FROM conventions_agreement
            WHERE school_id = %(s)s AND level = 'etablissement' AND {IN_FORCE}
        UNION SELECT v.id, v.parent_id, v.level, up.root FROM conventions_agreement v JOIN up ON v.id = up.parent_id)
        SELECT count(DISTINCT root), count(DISTINCT id) FROM up WHERE level <> 'etablissement'""",
    "alive": f"""SELECT count(*) FROM conventions_agreement v WHERE v.school_id = %(s)s AND v.level = 'etablissement'
        AND {IN_FORCE} AND (
        EXISTS (SELECT 1 FROM events_action a WHERE {DONE} AND a.agreement_id = v.id)
        OR EXISTS (SELECT 1 FROM partners_interaction i WHERE i.school_id = %(s)s AND i.partner_id = v.partner_id
            AND i.date BETWEEN %(a)s AND %(z)s)
        OR EXISTS (SELECT 1 FROM events_actionpartner c JOIN events_action a ON a.id = c.action_id AND {DONE}
            WHERE c.school_id = %(s)s AND c.partner_id = v.partner_id AND a.agreement_id IS NULL))""",
    "networks": f"""SELECT r.type, count(*), sum(CASE WHEN r.formalised_date <= %(z)s THEN 1 ELSE 0 END),
        sum(CASE WHEN EXISTS (SELECT 1 FROM events_action a WHERE {DONE} AND a.network_id = r.id) THEN 1 ELSE 0 END)
        FROM conventions_network r WHERE r.school_id = %(s)s AND r.joined_date <= %(z)s
        AND (r.left_date IS NULL OR r.left_date >= %(z)s) GROUP BY 1""",
    "partners": f"""SELECT p.id, p.type, p.naf, p.status, p.first_contact_date, min(t.since), max(t.until), max(t.deed)
        FROM partners_partner p LEFT JOIN (
            SELECT partner_id, min(date) AS since, max(date) AS until, 0 AS deed FROM partners_interaction
                WHERE school_id = %(s)s AND date <= %(z)s GROUP BY 1
            UNION ALL SELECT partner_id, min(received_date), max(received_date), 1 FROM partners_offer
                WHERE school_id = %(s)s AND received_date <= %(z)s GROUP BY 1
            UNION ALL SELECT partner_id, min(received_date), max(received_date), 1 FROM partners_contribution
                WHERE school_id = %(s)s AND received_date <= %(z)s GROUP BY 1
            UNION ALL SELECT partner_id, min(start_date), max(end_date), 1 FROM pfmp_placement
                WHERE school_id = %(s)s AND start_date <= %(z)s AND status <> 'annule' GROUP BY 1
            UNION ALL SELECT c.partner_id, min(a.start_date), max(a.start_date), 1 FROM events_actionpartner c
                JOIN events_action a ON a.id = c.action_id AND a.school_id = %(s)s AND a.status = 'realisee'
                WHERE c.school_id = %(s)s AND a.start_date <= %(z)s GROUP BY 1
            UNION ALL SELECT partner_id, min(signed_date), %(z)s, 0 FROM conventions_agreement
                WHERE school_id = %(s)s AND level = 'etablissement' AND {IN_FORCE} GROUP BY 1
        ) t ON t.partner_id = p.id WHERE p.school_id = %(s)s GROUP BY p.id, p.type, p.naf, p.status, p.first_contact_date""",
    "actions": """SELECT a.status, a.type, a.initiative, substr(CAST(a.start_date AS text), 1, 7), trim(a.national_event),
        a.for_priority, count(*), count(a.hours), sum(a.hours)
        FROM events_action a WHERE a.school_id = %(s)s AND a.start_date BETWEEN %(a)s AND %(z)s GROUP BY 1, 2, 3, 4, 5, 6""",
    "hours": f"SELECT a.hours FROM events_action a WHERE {DONE} AND a.hours IS NOT NULL ORDER BY 1",
    "spans": f"SELECT a.start_date, a.end_date FROM events_action a WHERE {DONE} AND a.end_date IS NOT NULL",
    "engaged": f"""SELECT p.type, substr(p.naf, 1, 2), count(DISTINCT p.id), count(DISTINCT a.id),
        count(DISTINCT CASE WHEN a.initiative = 'partenaire' THEN a.id END) FROM events_actionpartner c
        JOIN events_action a ON a.id = c.action_id AND {DONE}
        JOIN partners_partner p ON p.id = c.partner_id AND p.school_id = %(s)s WHERE c.school_id = %(s)s GROUP BY 1, 2""",
    "enrolled": """SELECT k.code, k.niveau, e.sex, g.priority, count(DISTINCT g.student_id) FROM schools_schooling g
        JOIN schools_schoolclass k ON k.id = g.school_class_id AND k.school_id = %(s)s
        JOIN schools_student e ON e.id = g.student_id AND e.school_id = %(s)s
        WHERE g.school_id = %(s)s AND g.year = %(y)s AND g.entry_date <= %(z)s GROUP BY 1, 2, 3, 4""",
    "all_enrolled": """SELECT count(DISTINCT student_id) FROM schools_schooling
        WHERE school_id = %(s)s AND year = %(y)s AND entry_date <= %(z)s""",
    "participation": f"SELECT a.type, x.present, count(*) FROM {PRESENT} GROUP BY 1, 2",
    "reached_by_type": f"SELECT a.type, count(DISTINCT x.student_id) FROM {PRESENT} AND x.present GROUP BY 1",
    "reached_by_class": f"""SELECT k.code, k.niveau, count(DISTINCT w.student_id) FROM (
        SELECT x.student_id, g.school_class_id FROM {PRESENT} AND x.present) w
        JOIN schools_schoolclass k ON k.id = w.school_class_id AND k.school_id = %(s)s GROUP BY 1, 2""",
    "reached": f"""SELECT e.sex, w.priority, w.times, w.workshops, count(*) FROM (
        SELECT x.student_id, max(CASE WHEN g.priority THEN 1 ELSE 0 END) AS priority, count(*) AS times,
            sum(CASE WHEN a.type = 'avenirpro' THEN 1 ELSE 0 END) AS workshops
        FROM {PRESENT} AND x.present GROUP BY 1) w
        JOIN schools_student e ON e.id = w.student_id AND e.school_id = %(s)s GROUP BY 1, 2, 3, 4""",
    "solutions": f"""SELECT w.dossier_id, w.code, count(*), sum(w.solved), sum(w.secured) FROM (
        SELECT q.dossier_id, k.code, g.student_id, max(CASE WHEN l.status IN {SOLUTION} THEN 1 ELSE 0 END) AS solved,
            max(CASE WHEN l.status IN ('convention_signee', 'en_cours', 'termine', 'interrompu') THEN 1 ELSE 0 END) AS secured
        FROM pfmp_period q JOIN schools_schoolclass k ON k.id = q.school_class_id AND k.school_id = %(s)s
        JOIN schools_schooling g ON g.school_id = %(s)s AND g.year = %(y)s AND g.school_class_id = q.school_class_id
            AND g.entry_date <= q.start_date AND (g.exit_date IS NULL OR g.exit_date >= q.start_date)
        LEFT JOIN pfmp_exemption d ON d.school_id = %(s)s AND d.period_id = q.id AND d.student_id = g.student_id
        LEFT JOIN pfmp_placement l ON l.school_id = %(s)s AND l.period_id = q.id AND l.student_id = g.student_id
        WHERE q.school_id = %(s)s AND q.year = %(y)s AND d.id IS NULL GROUP BY 1, 2, 3) w GROUP BY 1, 2""",
    "placed_days": f"SELECT l.period_id, l.student_id, l.start_date, l.end_date, l.interrupted_date FROM {YEAR_PLACEMENTS} AND l.status IN {SOLUTION}",
    "offers": """SELECT o.type, substr(p.naf, 1, 2), count(*), sum(o.positions) FROM partners_offer o
        JOIN partners_partner p ON p.id = o.partner_id AND p.school_id = %(s)s AND p.type = 'entreprise'
        WHERE o.school_id = %(s)s AND o.received_date BETWEEN %(a)s AND %(z)s
        AND o.type IN ('emploi', 'apprentissage', 'professionnalisation', 'saisonnier') GROUP BY 1, 2""",
    "benefits": """SELECT o.type, count(*), count(DISTINCT CASE WHEN b.date BETWEEN %(a)s AND %(z)s THEN b.student_id END)
        FROM partners_offerbeneficiary b JOIN partners_offer o ON o.id = b.offer_id AND o.school_id = %(s)s
        JOIN partners_partner p ON p.id = o.partner_id AND p.school_id = %(s)s AND p.type = 'entreprise'
        WHERE b.school_id = %(s)s AND o.received_date BETWEEN %(a)s AND %(z)s
        AND o.type IN ('emploi', 'apprentissage', 'professionnalisation', 'saisonnier') GROUP BY 1""",
    "taxe": """SELECT campaign, nature, CASE WHEN received_date <= %(today)s THEN 1 ELSE 0 END, sum(amount), count(*),
        count(DISTINCT partner_id), sum(CASE WHEN use <> '' THEN 1 ELSE 0 END) FROM partners_contribution
        WHERE school_id = %(s)s AND campaign IN (%(c)s, %(c)s - 1) GROUP BY 1, 2, 3""",
    "campaigns": "SELECT campaign, closing_date FROM partners_taxcampaign WHERE school_id = %(s)s AND campaign IN (%(c)s, %(c)s - 1)",
    "shares": """SELECT count(*), count(DISTINCT partner_id), max(shared_date) FROM indicators_indicatorshare
        WHERE school_id = %(s)s AND shared_date <= %(z)s AND (revoked_date IS NULL OR revoked_date > %(z)s)""",
    "invitations": """SELECT substr(p.naf, 1, 2), i.reply, i.present, a.status, count(*) FROM events_invitation i
        JOIN events_action a ON a.id = i.action_id AND a.school_id = %(s)s AND a.status <> 'annulee'
        JOIN partners_partner p ON p.id = i.partner_id AND p.school_id = %(s)s
        WHERE i.school_id = %(s)s AND i.sent_date BETWEEN %(a)s AND %(z)s GROUP BY 1, 2, 3, 4""",
    "interactions": """SELECT initiative, count(*) FROM partners_interaction
        WHERE school_id = %(s)s AND date BETWEEN %(a)s AND %(z)s GROUP BY 1""",
    "answers": """SELECT audience, grade, count(*), count(survey_id) FROM surveys_surveyanswer
        WHERE school_id = %(s)s AND date BETWEEN %(a)s AND %(z)s GROUP BY 1, 2""",
    "survey_replies": """SELECT n.audience, count(DISTINCT n.id), count(z.id) FROM surveys_survey n
        LEFT JOIN surveys_surveyanswer z ON z.survey_id = n.id AND z.school_id = %(s)s AND z.date BETWEEN %(a)s AND %(z)s
        WHERE n.school_id = %(s)s AND n.opened_date BETWEEN %(a)s AND %(z)s AND n.asked_count IS NOT NULL GROUP BY 1""",
    "surveys": """SELECT audience, count(*), count(asked_count), sum(asked_count) FROM surveys_survey
        WHERE school_id = %(s)s AND opened_date BETWEEN %(a)s AND %(z)s GROUP BY 1""",
    "leavers": """SELECT o.term_months, o.situation, count(*), count(o.partner_id) FROM (
        SELECT DISTINCT g.student_id FROM schools_schooling g
            JOIN schools_schoolclass k ON k.id = g.school_class_id AND k.school_id = %(s)s
            WHERE g.school_id = %(s)s AND g.year = %(p)s AND k.niveau IN ('cap2', 'tle_pro', 'cs', 'bts2')
            AND NOT EXISTS (SELECT 1 FROM schools_schooling h
                WHERE h.school_id = %(s)s AND h.year = %(y)s AND h.student_id = g.student_id)) w
        LEFT JOIN surveys_leaveroutcome o ON o.school_id = %(s)s AND o.student_id = w.student_id AND o.leaving_year = %(p)s
        GROUP BY 1, 2""",
    "encounters": f"""SELECT partner_id, count(DISTINCT day) FROM (
        SELECT c.partner_id, a.start_date AS day FROM events_actionpartner c
            JOIN events_action a ON a.id = c.action_id AND {DONE} WHERE c.school_id = %(s)s
        UNION SELECT i.partner_id, a.start_date FROM events_invitation i
            JOIN events_action a ON a.id = i.action_id AND {DONE} WHERE i.school_id = %(s)s AND i.present
        UNION SELECT partner_id, date FROM partners_interaction WHERE school_id = %(s)s
            AND date BETWEEN %(a)s AND %(z)s AND channel IN ('visite', 'rendez_vous', 'salon')
        UNION SELECT l.partner_id, w.date FROM pfmp_visit w JOIN pfmp_placement l ON l.id = w.placement_id
            AND l.school_id = %(s)s WHERE w.school_id = %(s)s AND w.date BETWEEN %(a)s AND %(z)s AND w.mode = 'sur_place') e
        GROUP BY 1""",
    "hosts": f"""SELECT count(*), sum(w.now) FROM (
        SELECT l.partner_id, max(CASE WHEN q.year = %(p)s THEN 1 ELSE 0 END) AS before,
            max(CASE WHEN q.year = %(y)s THEN 1 ELSE 0 END) AS now
        FROM pfmp_placement l JOIN pfmp_period q ON q.id = l.period_id AND q.school_id = %(s)s
        WHERE l.school_id = %(s)s AND q.year IN (%(p)s, %(y)s) AND l.status IN {SOLUTION} AND l.start_date <= %(z)s
        GROUP BY 1) w WHERE w.before = 1""",
    "placements": f"""SELECT l.status, l.origin, l.interruption_reason, CASE WHEN l.start_date <= %(z)s THEN 1 ELSE 0 END,
        CASE WHEN l.end_date <= %(z)s THEN 1 ELSE 0 END, count(*), count(l.days_done), sum(l.days_done), count(l.tutor_id)
        FROM {YEAR_PLACEMENTS} GROUP BY 1, 2, 3, 4, 5""",
    "tutors": """SELECT count(*) FROM pfmp_placement l
        JOIN pfmp_period q ON q.id = l.period_id AND q.school_id = %(s)s AND q.year = %(y)s
        JOIN partners_contact c ON c.id = l.tutor_id WHERE l.school_id = %(s)s AND (c.email <> '' OR c.phone <> '')""",
    "visits": """SELECT count(DISTINCT l.id), count(DISTINCT CASE WHEN w.mode = 'sur_place' THEN l.id END) FROM pfmp_placement l
        JOIN pfmp_period q ON q.id = l.period_id AND q.school_id = %(s)s AND q.year = %(y)s
        JOIN pfmp_visit w ON w.school_id = %(s)s AND w.placement_id = l.id AND w.date <= %(z)s
        WHERE l.school_id = %(s)s AND l.status = 'termine' AND l.end_date <= %(z)s""",
    "signatures": """SELECT count(*), sum(CASE WHEN w.asked = w.signed AND w.signed > 0 AND w.last < w.start_date THEN 1 ELSE 0 END)
        FROM (SELECT l.id, l.start_date, count(CASE WHEN n.status <> 'annulee' THEN 1 END) AS asked,
            count(CASE WHEN n.status IN ('signee_papier', 'signee_en_ligne') THEN n.date END) AS signed, max(n.date) AS last
        FROM pfmp_placement l JOIN pfmp_period q ON q.id = l.period_id AND q.school_id = %(s)s AND q.year = %(y)s
        JOIN documents_document d ON d.school_id = %(s)s AND d.subject = 'placement' AND d.subject_id = l.dossier_id
            AND d.type = 'convention_pfmp'
        JOIN documents_signature n ON n.document_id = d.id WHERE l.school_id = %(s)s GROUP BY 1, 2) w""",
    "referents": """SELECT lower(l.referent_email), l.start_date, l.end_date FROM pfmp_placement l
        JOIN pfmp_period q ON q.id = l.period_id AND q.school_id = %(s)s AND q.year = %(y)s
        WHERE l.school_id = %(s)s AND l.status <> 'annule' AND l.referent_email <> ''""",
}
