"""Cultural mediation for services of all bodies: asked for, approved, offered, done, confirmed."""
