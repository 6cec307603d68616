"""The systems that are measured. Each is a class with the same few members: see base.System."""
from adit_bench.systems.adit import Adit, AditPlain
from adit_bench.systems.cranker import Cranker, CrankerTls
from adit_bench.systems.nginx import Nginx
from adit_bench.systems.ssh import Ssh, SshNoSession

# In the order of the table's columns. The first is what the others are divided by.
ALL = (Nginx, Adit, AditPlain, Ssh, SshNoSession, Cranker, CrankerTls)
DEFAULT = (Nginx, Adit, AditPlain, Ssh, SshNoSession, Cranker)
