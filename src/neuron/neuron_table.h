/* One line per model: HD_NEURON(identifier, name, form, spiking, stochastic, silence, doc, source);
 * forms are in neuron.h. Read more than once, so no include guard; the models' headers come with
 * neuron_models.h. */
HD_NEURON(bernoulli, "bernoulli", STEP, true, true, 0.0f, "memoryless stochastic unit, spikes 0/1",
          "Williams 1992")
HD_NEURON(ising, "ising", STEP, true, true, -1.0f, "memoryless stochastic unit, spikes -1/+1",
          "Aenugu 2020")
HD_NEURON(glm, "glm", STEP, true, true, 0.0f,
          "generalised linear model: a stochastic unit whose drive remembers, spikes 0/1",
          "Pillow et al. 2008; Aenugu 2020")
HD_NEURON(if_, "if", MEMBRANE, true, false, 0.0f, "perfect integrate-and-fire, hard or soft reset",
          "Lapicque 1907; Rueckauer et al. 2017")
HD_NEURON(lif, "lif", MEMBRANE, true, false, 0.0f, "leaky integrate-and-fire, integrated exactly",
          "Rotter & Diesmann 1999")
HD_NEURON(cuba, "cuba", MEMBRANE, true, false, 0.0f,
          "leaky integrate-and-fire behind a synaptic current of its own time constant",
          "Rotter & Diesmann 1999; Zenke & Ganguli 2018")
HD_NEURON(alif, "alif", MEMBRANE, true, false, 0.0f,
          "adaptive leaky integrate-and-fire: spikes raise the threshold for a while",
          "Bellec et al. 2018; Bellec et al. 2020")
HD_NEURON(lif_escape, "lif-escape", DRAWING, true, true, 0.0f,
          "leaky integrate-and-fire that fires at random (escape noise)",
          "Gerstner et al. 2014, sec. 9.1")
HD_NEURON(coba, "coba", ODE, true, false, 0.0f,
          "leaky integrate-and-fire with synaptic conductances", "Vogels & Abbott 2005")
HD_NEURON(adex, "adex", ODE, true, false, 0.0f, "adaptive exponential integrate-and-fire",
          "Brette & Gerstner 2005")
HD_NEURON(izhikevich, "izhikevich", ODE, true, false, 0.0f,
          "two variables that give the firing patterns of cortical neurons", "Izhikevich 2003")
HD_NEURON(leaky, "leaky", STEP, false, false, 0.0f, "readout that integrates and never fires",
          "Fang et al. 2021")
HD_NEURON(relu, "relu", UNIT, false, false, 0.0f, "rectified linear unit, not spiking: a control",
          "Nair & Hinton 2010")
HD_NEURON(tanh, "tanh", UNIT, false, false, 0.0f, "hyperbolic tangent, not spiking: a control",
          "LeCun et al. 1998")
