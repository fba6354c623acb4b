"""What authors write of components, as type checkers see it."""

from typing import Any, assert_type

from metapython import Process, Transform, Vector2, Velocity, columns, component


@component
class Health:
    points: int = 100
    wind: Vector2 = (0.0, 0.0)
    owner: Any = None


class Knight(Process):
    health: Health = Health(3, wind=(1.0, 2.0))

    def run(self, dt: float) -> None:
        assert_type(self.health.points, int)
        assert_type(self[Health], Health)
        self.health.wind = (self.health.wind[0] + dt, 0.0)
        if Health in self:
            del self[Health]
        self.add(Health(points=3))
        with columns(Transform, Velocity) as (transform, velocity):
            transform.x += velocity.x * dt


Health("three")  # type: ignore[arg-type]
Health(point=3)  # type: ignore[call-arg]
Knight().health.wind = (1.0,)  # type: ignore[assignment]
