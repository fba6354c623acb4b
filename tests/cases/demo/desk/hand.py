"""Somebody at the desk."""

from metapython import Process, input, sleep


class Hand(Process):
    """Clicks on icons, on keys of the calculator, in the bar, and on the desk."""

    async def run(self) -> None:
        await sleep(0.2)
        for row in (0, 1, 2, 4):
            await self.click(60, 50 + 94 * row)
        for x, y in ((180, 380), (312, 494), (224, 380), (256, 532)):
            await self.click(x, y)
        await self.click(360, 577)
        await self.click(860, 480, "right")

    async def click(self, x: float, y: float, button: str = "left") -> None:
        input.simulate("mouse_motion", x=x, y=y)
        for down in (True, False):
            input.simulate("mouse_button", button=button, down=down, x=x, y=y)
            await sleep(0.06)
