"""Settings on Blobs-v0 with which the figures of docs/search.md and docs/scaling.md were measured: all
weights move at once, and told the likelihood no move has to be undone. The methods' own rows, which
are told the accuracy alone, are others."""

_ALL = "search.movers=1 search.undo=false "
_AGENT = _ALL + "syn.reward=sign search.move="

ROWS = {name: _AGENT + "0.01" for name in ("syn-m1", "syn-m2", "syn-m3", "syn-m4", "syn-coarse")}
ROWS["syn-m5"] = _AGENT + "0.015"
ROWS["alopex"] = _ALL + "search.move=0.01"
ROWS["nes"] = "search.sigma=0.1 search.greedy=true"
ROWS["one-plus-one"] = "search.sigma=0.03"


def settings(method):
    return ROWS.get(method, "").split()
