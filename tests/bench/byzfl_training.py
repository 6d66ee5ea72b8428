"""A training loop as users of ByzFL write it, for python_peers.py, which moves it to byzsim by
changing its one import of ByzFL."""

import torch
from byzfl import NNM, ALittleIsEnough, TrMean

HONEST, BYZANTINE, BATCH = 10, 3, 25


def images(count, generator):
    """Ten classes of 784 noisy pixels."""
    centres = torch.randn(10, 784, generator=torch.Generator().manual_seed(7))
    labels = torch.randint(10, (count,), generator=generator)
    return centres[labels] + 4 * torch.randn(count, 784, generator=generator), labels


def train(steps):
    """(the model's parameters at the end, its accuracy) of a perceptron 784-100-10."""
    torch.manual_seed(1)
    generator = torch.Generator().manual_seed(2)
    model = torch.nn.Sequential(
        torch.nn.Linear(784, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    parameters = list(model.parameters())
    momenta = [0] * HONEST
    mix, aggregate, attack = NNM(f=BYZANTINE), TrMean(f=BYZANTINE), ALittleIsEnough(tau=1.5)
    for _ in range(steps):
        for worker in range(HONEST):
            x, y = images(BATCH, generator)
            model.zero_grad()
            torch.nn.functional.cross_entropy(model(x), y).backward()
            gradient = torch.cat([p.grad.flatten() for p in parameters])
            momenta[worker] = 0.9 * momenta[worker] + 0.1 * gradient
        received = momenta + [attack(momenta)] * BYZANTINE
        update = aggregate(mix(received))
        position = 0
        for p in parameters:
            p.grad = update[position:position + p.numel()].view_as(p).clone()
            position += p.numel()
        optimizer.step()
    x, y = images(2000, generator)
    with torch.no_grad():
        accuracy = (model(x).argmax(dim=1) == y).float().mean().item()
    return torch.nn.utils.parameters_to_vector(parameters).detach(), accuracy
