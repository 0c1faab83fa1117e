"""Messages that were not understood: given by the person, labelled by a mediator, learnt from."""
