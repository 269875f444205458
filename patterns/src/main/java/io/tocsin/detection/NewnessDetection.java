package io.tocsin.detection;

import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.util.List;

/**
 * Something that an entity with a history has not done before. Alone it is worth knowing, not worth waking anybody; several news
 * of one entity are one alert with a count.
 *
 * @param <P> its parameters
 */
public non-sealed interface NewnessDetection<P extends Detection.Params> extends Detection<P> {

    /**
     * What may be new, a {@link SignalRule#news}; and if something else shows that the entity is there, a {@link
     * SignalRule#presence} behind it. Both are about the same entities.
     */
    List<SignalRule> signals(P params, Identities identities);

    /**
     * What is new, in one sentence.
     *
     * @param news how many news of a slot, and the first few records
     */
    String message(Signal news, P params);
}
