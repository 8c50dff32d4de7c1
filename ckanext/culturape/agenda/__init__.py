"""Agendas of open cultural data, co-created by State and civil society: their commitments, and the needs that these answer.

Pure: ``commitments`` in which state a commitment is · ``needs`` whether an answer is overdue · ``rules`` what may not be said so · ``scorecard`` and ``openness`` five bars and no total · ``evaluation`` what actors are asked ·
``kept`` what a version of a record holds · ``snapshot`` the document of a day, with its checksum · ``ogp`` its commitments in the columns of OGP.
Shell: ``rows`` the links between records, as a table that follows from them · ``following`` how it follows · ``neighbours`` what stands at the other
ends, for somebody · ``history`` what became of a need, which only grows · ``resolved`` an agenda with everything that belongs to it · ``scoring`` its bars · ``answering``, ``evaluating``, ``evaluations`` and
``evaluation_rows`` answers of actors, side by side · ``versions`` how records were at each moment · ``snapshots`` an agenda on a date · ``doors`` what changes past CKAN's hooks · ``pages``, ``views``.
"""
