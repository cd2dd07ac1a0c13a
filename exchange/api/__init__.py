"""The read API: what the dossier and the indicators say, for programs, in the words of the dossier."""
