from metapython import Process


class Editor(Process):
    hotkeys = {"Ctrl+Enterr": "save"}

    def save(self) -> None: ...
