"""Adit's benchmark: the same loads through Adit, nginx, OpenSSH -R and Cranker, in one run, interleaved."""
