from metapython import Process, machine, sleep, sound


class Player(Process):
    async def run(self) -> None:
        struck = sound.tone(440, 0.3, volume=0.2, decay=0.3, sustain=0.0)
        held = sound.tone(
            220, None, volume=0.3, waveform="sawtooth", pan=-0.5, attack=0.1, decay=0.2, sustain=0.5, release=0.4
        )
        plain = sound.tone(660, 0.3, volume=0.1, pan=1, delay=0.3, release=0.1)
        for _ in range(6):
            await sleep(0.2)
            print(f"{machine.time:.2f}", struck.is_playing, held.is_playing, plain.is_playing)
            if 0.5 < machine.time < 0.7:
                held.release()
