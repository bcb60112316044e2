/* One line per model: HD_NEURON(identifier, name, spiking, stochastic, silence, doc, source). Read
 * more than once, so no include guard; the models' headers come with neuron_models.h. */
HD_NEURON(bernoulli, "bernoulli", true, true, 0.0f, "memoryless stochastic unit, spikes 0/1",
          "Williams 1992")
HD_NEURON(ising, "ising", true, true, -1.0f, "memoryless stochastic unit, spikes -1/+1",
          "Aenugu 2020")
