package io.tocsin.sigma;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Zone;

/** The platform is at home wherever it is not outside; argocd and /etc are sensitive. */
public final class TestingSurroundings implements Surroundings {
    @Override
    public boolean isPlatformAtHome(SecurityEvent event) {
        return event.zone() != Zone.OUTSIDE;
    }

    @Override
    public boolean isFromControlPlane(SecurityEvent event) {
        return event.zone() == Zone.CONTROL_PLANE;
    }

    @Override
    public boolean isDeployer(SecurityEvent event) {
        return "cd".equals(event.user());
    }

    @Override
    public boolean isTokenIssuer(SecurityEvent event) {
        return false;
    }

    @Override
    public boolean isImpersonator(SecurityEvent event) {
        return false;
    }

    @Override
    public boolean isSensitiveApp(String cluster, String namespace, String name) {
        return name.startsWith("argocd");
    }

    @Override
    public boolean isSensitiveHostPath(String cluster, String path) {
        return path.equals("/etc");
    }
}
