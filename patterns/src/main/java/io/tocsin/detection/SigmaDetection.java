package io.tocsin.detection;

import io.tocsin.sigma.SigmaRule;
import java.io.Serializable;

/** A detection that is a Sigma rule, shipped or a user's. */
public sealed interface SigmaDetection extends Serializable permits RuleDetection, NewAddressRule {

    /** The rule, linked. */
    SigmaRule rule();
}
