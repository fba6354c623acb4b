from metapython import Process


class Editor(Process):
    def save(self) -> None: ...
