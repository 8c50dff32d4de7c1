"""The query behind the health of sources: what packages, sources, jobs and runs say of each, in one go.

Sources of other harvesters have no runs of ours; what their jobs say stands in for them. ``missing`` counts deletions that nobody has
decided about.
"""

from __future__ import annotations

QUERY = """
    WITH source AS (
        SELECT p.id, p.name, coalesce(nullif(p.title, ''), p.name) AS title, g.title AS organization, s.type, s.active, s.frequency,
            s.next_run, s.created, s.type = :ours AS is_ours
        FROM package p JOIN harvest_source s ON s.id = p.id LEFT JOIN "group" g ON g.id = p.owner_org
        WHERE p.type = 'harvest' AND p.state = 'active' AND (:only = '' OR p.id = :only) AND (
            :all OR p.owner_org = ANY(:organizations) OR p.id = ANY(:packages) OR (:unowned AND coalesce(p.owner_org, '') = ''))),
    own AS (
        SELECT d.source_id,
            count(*) FILTER (WHERE d.state IN ('current', 'stale') AND p.state = 'active') AS datasets,
            count(*) FILTER (WHERE d.state = 'stale' AND p.state = 'active') AS stale,
            count(*) FILTER (WHERE d.state = 'refused') AS refused
        FROM culturape_harvest_dataset d LEFT JOIN package p ON p.id = d.package_id
        WHERE d.source_id IN (SELECT id FROM source) GROUP BY d.source_id),
    others AS (
        SELECT o.harvest_source_id AS source_id, count(*) AS datasets
        FROM harvest_object o JOIN package p ON p.id = o.package_id AND p.state = 'active'
        WHERE o.current AND o.harvest_source_id IN (SELECT id FROM source WHERE NOT is_ours) GROUP BY o.harvest_source_id)
    SELECT source.*,
        CASE WHEN is_ours THEN run.state WHEN job.status = 'Finished' THEN 'finished' END AS last_state,
        CASE WHEN is_ours THEN run.started ELSE job.gather_started AT TIME ZONE 'UTC' END AS last_started,
        CASE WHEN is_ours THEN good.finished ELSE job.finished AT TIME ZONE 'UTC' END AS last_success,
        CASE WHEN run.state = 'guarded' AND run.confirmed IS NULL AND run.guard -> 'dismissed' IS NULL
            THEN CAST(run.guard ->> 'missing' AS integer) END AS missing,
        CASE WHEN job.status IN ('New', 'Running') AND job.gather_started IS NULL THEN job.created END AS waiting_since,
        job.status IN ('New', 'Running') AS is_running,
        coalesce(own.datasets, others.datasets, 0) AS datasets, coalesce(own.stale, 0) AS stale,
        coalesce(own.refused, CASE WHEN NOT is_ours THEN job.errors END, 0) AS refused
    FROM source
    LEFT JOIN own ON own.source_id = source.id
    LEFT JOIN others ON others.source_id = source.id
    LEFT JOIN LATERAL (
        SELECT state, started, guard, confirmed FROM culturape_harvest_run r
        WHERE r.source_id = source.id ORDER BY started DESC, id LIMIT 1) AS run ON true
    LEFT JOIN LATERAL (
        SELECT finished FROM culturape_harvest_run r
        WHERE r.source_id = source.id AND r.state IN ('finished', 'guarded') ORDER BY started DESC LIMIT 1) AS good ON true
    LEFT JOIN LATERAL (
        SELECT j.status, j.created, j.gather_started, j.finished, CASE WHEN NOT is_ours THEN (
            SELECT count(*) FROM harvest_object o WHERE o.harvest_job_id = j.id AND o.report_status = 'errored') END AS errors
        FROM harvest_job j WHERE j.source_id = source.id ORDER BY j.created DESC LIMIT 1) AS job ON true"""
