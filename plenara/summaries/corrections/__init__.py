"""Put right: a participant asks that a published summary be corrected; somebody who did not write it answers."""
