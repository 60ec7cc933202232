-- Each poll asks for the few peers that wgql removed.
CREATE INDEX "Peer_removedByUs_idx" ON "Peer"("removedByUs");
