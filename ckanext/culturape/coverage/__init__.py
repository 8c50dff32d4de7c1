"""What exists, what is only asked for and what is missing: public datasets by right, region, sector, people, language and access level.

Pure: ``axes`` by what can be asked · ``question`` what somebody asks · ``asking`` the question to the index · ``measure`` its answer as a matrix · ``steps`` how dark a cell is.
Shell: ``counting`` asks the index for what anybody can read · ``searching`` the searches behind cells that are no concept · ``links`` · ``sheet`` the matrix in
words and addresses · ``charting`` the map · ``table`` lines for spreadsheets · ``views``.
"""
